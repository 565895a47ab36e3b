# Made by tfgen from tfgen.yaml. Edits are lost: change what it was made from.
# tfgen-digest: sha256:76befbf1c2313a2aa60f97ea13a7acc1850e3c2b4c39d33cccd14bfaedc58b4f

terraform {
  backend "s3" {
    bucket       = "states"
    key          = "tfgen/demo/shop.tfstate"
    region       = "eu-central"
    use_lockfile = true
    endpoints = {
      s3 = "https://objects.example.com"
    }
  }
}
