# Made by tfgen from load balancer 2c7d6c0e-6e7a-4e5f-9f0c-1f3a1b0f4c55. Edits are lost: change what it was made from.
# tfgen-digest: sha256:4b8d99d4d86b8070113a0b2f05fefd9c1cca047863717b8a47a509e25317f92b

# The ports of this load balancer come one after another, over all the Services that share it.
locals {
  lb_shop_api_after = []
  lb_shop_web_after = [
    module.lb_shop_api_udp-9000,
  ]
}
