//go:build pinned

// Package pinned names the command that is built here, so that go.mod and go.sum record all that it needs.
package pinned

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
