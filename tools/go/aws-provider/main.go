// The Pulumi AWS provider of machines that cannot reach Pulumi's downloads: the Terraform AWS provider, trimmed to the
// services of resource-table.json, behind the Pulumi Terraform bridge.
//
// usage: pulumi-resource-aws write-schema FOLDER   once after the build, with FOLDER = the binary's own folder
//
//	pulumi-resource-aws --version
//	pulumi-resource-aws ENGINE_ADDRESS        what the engine runs
package main

import (
	"context"
	"fmt"
	"os"

	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	pfschema "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
)

const providerName = "aws"

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-resource-aws:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) error {
	if len(arguments) == 2 && arguments[0] == "write-schema" {
		return writeSchema(ctx, arguments[1])
	}
	if len(arguments) == 1 && arguments[0] == "--version" {
		fmt.Println(version)
		return nil
	}
	return serve(ctx)
}

// serve answers the engine. It never returns normally: the bridge ends the process.
func serve(ctx context.Context) error {
	files, err := readSchemaFiles()
	if err != nil {
		return err
	}
	provider, err := providerInfo(ctx, files.bridgeMetadata)
	if err != nil {
		return err
	}
	pfbridge.MainWithMuxer(ctx, providerName, provider, files.schema)
	return nil
}

// writeSchema makes the two files that serve reads. The bridge's generator takes its arguments from os.Args.
func writeSchema(ctx context.Context, folder string) error {
	provider, err := providerInfo(ctx, []byte("{}"))
	if err != nil {
		return err
	}
	os.Args = []string{os.Args[0], "schema", "--out", folder, "--skip-docs", "--skip-examples"}
	pfschema.MainWithMuxer(providerName, provider)
	return nil
}
