variable "cidr" {
  description = "Who reaches the ports, as a canonical CIDR: the subnet of the load balancers' members, or clients where their addresses reach the nodes."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrhost(var.cidr, 0))
    error_message = "The CIDR must be one, such as 10.0.0.0/24 or 2001:db8::/64."
  }
}

variable "description" {
  description = "Description of the security group."
  type        = string
  default     = ""
  nullable    = false
}

variable "name" {
  description = "Name of the security group."
  type        = string
  nullable    = false
}

variable "node_ports" {
  description = "Ports on the nodes, by their owner and by what they are for, protocol first (tcp-80, udp-53, sctp-3868); health-check is one of TCP. null while one is not known: it stays closed."
  type        = map(map(number))
  nullable    = false

  validation {
    condition     = alltrue([for ports in values(var.node_ports) : alltrue([for port in values(ports) : port == null ? true : port >= 1 && port <= 65535])])
    error_message = "A node port must be in 1..65535."
  }

  validation {
    condition     = alltrue([for ports in values(var.node_ports) : alltrue([for key in keys(ports) : can(regex("^((tcp|udp|sctp)-[0-9]+|health-check)$", key))])])
    error_message = "A port must be named by its protocol and number (tcp-80, udp-53, sctp-3868), or health-check."
  }
}

variable "ports" {
  description = "Ids of the nodes' ports in Neutron that get the group, by node name; groups that they have stay. Others are given it by hand."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "tags" {
  description = "Tags of the security group."
  type        = set(string)
  default     = []
  nullable    = false
}
