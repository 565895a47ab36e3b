# Made by tfgen from tfgen.yaml. Edits are lost: change what it was made from.
# tfgen-digest: sha256:3a428ea24a78662d74bf7bbb303e4a12df4b804f34595f9649d8fcb0b3c5a435

# Cloud and credentials come from the environment (OS_CLOUD or the other OS_* variables).
provider "openstack" {
  region = null
}
