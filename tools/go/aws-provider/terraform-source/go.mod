// The Terraform AWS provider as a Go module. Its own path only serves old releases, so a fork that is a Go module of
// the registry stands in for it; go.sum pins its content. Resolved apart from the provider's go.mod, which uses the
// trimmed copy.
module proliferate-infra/terraform-source

go 1.26

require github.com/hashicorp/terraform-provider-aws v0.0.0

replace github.com/hashicorp/terraform-provider-aws => github.com/upbound/terraform-provider-aws v0.0.0-20251204202605-7049bcc1808e
