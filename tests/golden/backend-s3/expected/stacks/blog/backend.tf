# Made by tfgen from tfgen.yaml. Edits are lost: change what it was made from.
# tfgen-digest: sha256:4224ae45f3c0aadef42b51df5c525818af779c3aa3a19b9184c6c574091e448b

terraform {
  backend "s3" {
    bucket       = "states"
    key          = "tfgen/demo/blog.tfstate"
    region       = "eu-central"
    use_lockfile = true
    endpoints = {
      s3 = "https://objects.example.com"
    }
  }
}
