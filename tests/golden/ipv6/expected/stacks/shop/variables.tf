# Made by tfgen from tfgen.yaml. Edits are lost: change what it was made from.
# tfgen-digest: sha256:3e5ed6cc8e05b3df74b72db08f7aa5d5aae64f1f9ab948b22c8a00cfd2cf061a

# Facts: what only the live cluster knows. Their values stand in facts.auto.tfvars.json.

variable "node_groups" {
  description = "Nodes behind the pools, by group and node name; null where not known yet."
  type = map(map(object({
    address = string
    weight  = optional(number, 1)
    drain   = optional(bool, false)
  })))
  nullable = false

  validation {
    condition     = alltrue([for group in values(var.node_groups) : group == null ? true : length(group) > 0])
    error_message = "A node group is empty: its pools would lose all members. Restore facts.auto.tfvars.json, or run `tfgen sync`."
  }
}

variable "node_ports" {
  description = "Node ports, by Service (namespace_name) and port (tcp-80); null where not known yet."
  type        = map(map(number))
  nullable    = false

  validation {
    condition     = alltrue([for ports in values(var.node_ports) : alltrue([for port in values(ports) : port == null ? true : port >= 1 && port <= 65535])])
    error_message = "A node port is out of 1..65535."
  }
}
