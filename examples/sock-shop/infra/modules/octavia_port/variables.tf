# Made by tfgen from its module octavia_port. Edits are lost: change what it was made from.
# tfgen-digest: sha256:f120f4127853c66e0721c87939752efacc78925652ff24627e080158c988e129

variable "allowed_cidrs" {
  description = "Who may connect, as canonical CIDRs, sorted as text. The world is said in full: 0.0.0.0/0 or ::/0. null only where Octavia cannot be told: everyone may."
  type        = list(string)

  validation {
    condition     = var.allowed_cidrs == null ? true : length(var.allowed_cidrs) > 0
    error_message = "An empty list would admit everyone in silence; write 0.0.0.0/0 (or ::/0) where the world is meant."
  }
}

variable "connection_limit" {
  description = "Concurrent connections of the listener; -1 is no limit. null is not sent."
  type        = number
  default     = -1
}

variable "description" {
  description = "Description of listener and pool."
  type        = string
  default     = ""
  nullable    = false
}

variable "health_port" {
  description = "Port that the monitor asks on every member; 0 is the member's own. null while it is not known: the monitor is off until then."
  type        = number
  default     = 0

  validation {
    condition     = var.health_port == null ? true : var.health_port >= 0 && var.health_port <= 65535
    error_message = "The health port must be in 1..65535, or 0 for the member's own."
  }
}

variable "insert_headers" {
  description = "HTTP headers that the listener inserts, as X-Forwarded-For = \"true\"; it then speaks HTTP or TERMINATED_HTTPS."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "listener_tags" {
  description = "Further tags of the listener."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "loadbalancer_id" {
  description = "Load balancer that the port belongs to."
  type        = string
  nullable    = false
}

variable "member_subnet_id" {
  description = "Subnet from which members are reached; null leaves it to Octavia."
  type        = string
  default     = null
}

variable "monitor" {
  description = "Health monitor of the pool, times in seconds; null is none. Path, method, codes and host are for types HTTP and HTTPS."
  type = object({
    type             = string
    delay            = number
    timeout          = number
    max_retries      = number
    max_retries_down = number
    url_path         = optional(string)
    http_method      = optional(string)
    http_version     = optional(string)
    domain_name      = optional(string)
    expected_codes   = optional(string)
  })
  default = null

  validation {
    condition     = var.monitor == null ? true : var.monitor.timeout < var.monitor.delay
    error_message = "The monitor's timeout must be less than its delay."
  }

  validation {
    condition     = var.monitor == null ? true : var.monitor.domain_name == null || var.monitor.http_version == "1.1"
    error_message = "A monitor that names a host needs http_version 1.1."
  }
}

variable "name" {
  description = "Name of listener, pool and monitor."
  type        = string
  nullable    = false
}

variable "node_port" {
  description = "Port on every member; null while it is not known: the pool then has no members."
  type        = number
  default     = null

  validation {
    condition     = var.node_port == null ? true : var.node_port >= 1 && var.node_port <= 65535
    error_message = "The node port must be in 1..65535."
  }
}

variable "nodes" {
  description = "Members by node name: address, weight (0..256), and drain, which takes no new connections. null while they are not known: the pool then has none."
  type = map(object({
    address = string
    weight  = optional(number, 1)
    drain   = optional(bool, false)
  }))

  validation {
    condition     = var.nodes == null ? true : length(var.nodes) > 0
    error_message = "No nodes: an empty group would empty the pool."
  }
}

variable "pool" {
  description = "Protocol towards the members, algorithm, type of session persistence (null is none), and whether members say the port that is probed."
  type = object({
    protocol     = string
    lb_method    = optional(string, "ROUND_ROBIN")
    persistence  = optional(string)
    monitor_port = optional(bool, true)
  })
  nullable = false
}

variable "pool_tags" {
  description = "Further tags of the pool."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "port" {
  description = "Port of the listener."
  type        = number
  nullable    = false

  validation {
    condition     = var.port >= 1 && var.port <= 65535
    error_message = "The port must be in 1..65535."
  }
}

variable "protocol" {
  description = "Protocol of the listener."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["TCP", "UDP", "SCTP", "HTTP", "HTTPS", "TERMINATED_HTTPS"], var.protocol)
    error_message = "The protocol must be one of Octavia's: TCP, UDP, SCTP, HTTP, HTTPS, TERMINATED_HTTPS."
  }
}

variable "redirect_prefix" {
  description = "Where an HTTP listener sends every request with a redirect (308), path and query kept, as in https://example.com; null is nowhere: to the pool."
  type        = string
  default     = null

  validation {
    condition     = var.redirect_prefix == null ? true : can(regex("^https?://[^/]+$", var.redirect_prefix))
    error_message = "The prefix must be a scheme and a host, as in https://example.com: the path is kept."
  }
}

variable "tags" {
  description = "Tags of listener and pool."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "timeouts" {
  description = "Listener timeouts in milliseconds; null sends none."
  type = object({
    client_data    = optional(number, 50000)
    member_connect = optional(number, 5000)
    member_data    = optional(number, 50000)
    tcp_inspect    = optional(number, 0)
  })
  default = {}
}

variable "tls" {
  description = "TLS that ends at a listener of protocol TERMINATED_HTTPS: references of its certificates in the key manager, and what clients may speak. A null within it is not sent. null is no TLS."
  type = object({
    container_ref           = string
    sni_refs                = optional(list(string), [])
    versions                = optional(set(string))
    ciphers                 = optional(string)
    alpn_protocols          = optional(set(string))
    hsts_max_age            = optional(number)
    hsts_include_subdomains = optional(bool, false)
    hsts_preload            = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.tls == null ? true : var.tls.hsts_max_age != null || !(var.tls.hsts_include_subdomains || var.tls.hsts_preload)
    error_message = "HSTS for subdomains or for preloading needs hsts_max_age."
  }
}
