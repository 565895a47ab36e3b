# Made by tfgen from tfgen.yaml. Edits are lost: change what it was made from.
# tfgen-digest: sha256:3f409dcbe9182c7b1a6c8bbdbf169118b80e5dc5864c47437ba8a9f53cd184ef

terraform {
  required_version = ">= 1.7.0"

  required_providers {
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = ">= 3.1.0, < 4.0.0"
    }
  }
}
