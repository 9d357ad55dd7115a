package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-provider-aws/xpprovider"
	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// version is that of the Node.js SDK @pulumi/aws; the build sets it (-ldflags -X main.version=...).
var version = "0.0.0"

// providerInfo describes the provider to the bridge.
func providerInfo(ctx context.Context, bridgeMetadata []byte) (tfbridge.ProviderInfo, error) {
	table, overrides, err := readTables()
	if err != nil {
		return tfbridge.ProviderInfo{}, err
	}
	frameworkProvider, sdkProvider, err := xpprovider.GetProvider(ctx)
	if err != nil {
		return tfbridge.ProviderInfo{}, fmt.Errorf("starting the Terraform provider: %w", err)
	}
	info := tfbridge.ProviderInfo{
		P:                pfbridge.MuxShimWithPF(ctx, shimv2.NewProvider(sdkProvider), frameworkProvider),
		Name:             providerName,
		Version:          version,
		ResourcePrefix:   "aws",
		GitHubOrg:        "hashicorp",
		License:          "MPL-2.0",
		UpstreamRepoPath: ".", // no documentation is read, but the generator wants a folder
		MetadataInfo:     tfbridge.NewProviderMetadata(bridgeMetadata),
		Config:           providerSettings(),
		Resources:        map[string]*tfbridge.ResourceInfo{},
		DataSources:      map[string]*tfbridge.DataSourceInfo{},
		ExtraTypes: map[string]schema.ComplexTypeSpec{
			string(policyDocumentType): {ObjectTypeSpec: schema.ObjectTypeSpec{Type: "object"}},
		},
	}
	if err := addResources(&info, table.Resources, overrides); err != nil {
		return info, err
	}
	if err := addInvokes(&info, table.Invokes); err != nil {
		return info, err
	}
	info.SetAutonaming(255, "-")
	return info, nil
}

// providerSettings gives the official provider's defaults for settings that the Terraform provider reads otherwise.
func providerSettings() map[string]*tfbridge.SchemaInfo {
	yes := &tfbridge.DefaultInfo{Value: true}
	return map[string]*tfbridge.SchemaInfo{
		"region":                      {Default: &tfbridge.DefaultInfo{EnvVars: []string{"AWS_REGION", "AWS_DEFAULT_REGION"}}},
		"skip_credentials_validation": {Default: yes},
		"skip_region_validation":      {Default: yes},
		"skip_metadata_api_check":     {Type: "boolean", Default: yes},
	}
}
