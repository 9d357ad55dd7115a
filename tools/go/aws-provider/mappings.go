package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

const policyDocumentType tokens.Type = "aws:iam/documents:PolicyDocument"

// addResources maps the table's resources and tells the bridge to ignore all others of the kept services.
func addResources(info *tfbridge.ProviderInfo, table map[string]string, overrides propertyOverrides) error {
	offered := typesOf(info.P.ResourcesMap())
	if err := checkOffered("resource", table, offered); err != nil {
		return err
	}
	for terraformType := range offered {
		sdkName, wanted := table[terraformType]
		if !wanted {
			info.IgnoreMappings = append(info.IgnoreMappings, terraformType)
			continue
		}
		module, name, err := splitSDKName(sdkName)
		if err != nil {
			return err
		}
		info.Resources[terraformType] = &tfbridge.ResourceInfo{
			Tok:    tokens.Type(fmt.Sprintf("aws:%s/%s:%s", module, lowerFirst(name), name)),
			Docs:   &tfbridge.DocInfo{AllowMissing: true},
			Fields: fieldsOf(overrides[terraformType]),
		}
	}
	return nil
}

// addInvokes maps the table's data sources and tells the bridge to ignore all others.
func addInvokes(info *tfbridge.ProviderInfo, table map[string]string) error {
	offered := typesOf(info.P.DataSourcesMap())
	if err := checkOffered("data source", table, offered); err != nil {
		return err
	}
	for terraformType := range offered {
		sdkName, wanted := table[terraformType]
		if !wanted {
			info.IgnoreMappings = append(info.IgnoreMappings, terraformType)
			continue
		}
		module, name, err := splitSDKName(sdkName)
		if err != nil {
			return err
		}
		info.DataSources[terraformType] = &tfbridge.DataSourceInfo{
			Tok:  tokens.ModuleMember(fmt.Sprintf("aws:%s/%s:%s", module, name, name)),
			Docs: &tfbridge.DocInfo{AllowMissing: true},
		}
	}
	return nil
}

func fieldsOf(overrides map[string]propertyOverride) map[string]*tfbridge.SchemaInfo {
	fields := map[string]*tfbridge.SchemaInfo{}
	for field, override := range overrides {
		fields[field] = schemaOf(override)
	}
	return fields
}

func schemaOf(override propertyOverride) *tfbridge.SchemaInfo {
	result := &tfbridge.SchemaInfo{Name: override.Name}
	if override.AutoName != nil {
		result = tfbridge.AutoName(override.Name, override.AutoName.MaxLength, override.AutoName.Separator)
	}
	if override.List {
		result.MaxItemsOne = tfbridge.False()
	}
	if override.JSONDocument {
		result.Type = "string"
		result.AltTypes = []tokens.Type{policyDocumentType}
		result.Transform = tfbridge.TransformJSONDocument
	}
	return result
}

func typesOf(types shim.ResourceMap) map[string]bool {
	names := map[string]bool{}
	types.Range(func(name string, _ shim.Resource) bool {
		names[name] = true
		return true
	})
	return names
}

// checkOffered refuses a table entry that would otherwise be left out silently.
func checkOffered(kind string, table map[string]string, offered map[string]bool) error {
	var missing []string
	for terraformType := range table {
		if !offered[terraformType] {
			missing = append(missing, terraformType)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	sort.Strings(missing)
	return fmt.Errorf("resource-table.json names %s types that the kept terraformServices do not offer: %s",
		kind, strings.Join(missing, ", "))
}

func splitSDKName(sdkName string) (module, name string, err error) {
	module, name, found := strings.Cut(sdkName, "/")
	if !found || module == "" || name == "" {
		return "", "", fmt.Errorf("resource-table.json: %q is not of the form module/Name", sdkName)
	}
	return module, name, nil
}

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }
