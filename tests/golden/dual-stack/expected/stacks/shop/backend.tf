# Made by tfgen from tfgen.yaml. Edits are lost: change what it was made from.
# tfgen-digest: sha256:6afe03d14fc937c77aae12b644a923c0f0a91a2247d2da226232c5e468a6a9ab

terraform {
  backend "local" {
    path = "terraform.tfstate"
  }
}
