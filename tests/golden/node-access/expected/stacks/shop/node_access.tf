# Made by tfgen from tfgen.yaml. Edits are lost: change what it was made from.
# tfgen-digest: sha256:7721b13abd8715b8852a796f15380409961540d04eda4229496c790b2a0538a7

# Lets load balancers reach the nodes: the node ports of this stack in a security group of its own.
module "node_access" {
  source = "../../modules/node_access"

  name        = "demo_shop_nodes"
  description = "Node ports in use, from 10.0.0.0/24"
  cidr        = "10.0.0.0/24"
  node_ports  = var.node_ports

  ports = {
    node-1 = "5b8f1c9e-6a52-4c7e-8d53-0d5e7d1f2a33"
  }

  tags = [
    "tfgen",
    "tfgen_cluster=demo",
    "tfgen_tree=00c0ffee",
  ]
}

output "node_access" {
  description = "Security group of the node ports, for nodes that are not in node_access.node_ports."
  value       = module.node_access.security_group_id
}
