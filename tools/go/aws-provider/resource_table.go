package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed resource-table.json
var resourceTableJSON []byte

//go:embed property-overrides.json
var propertyOverridesJSON []byte

// resourceTable says which Terraform types are served, and under which "module/Name" of the Node.js SDK.
type resourceTable struct {
	// TerraformServices are the folders that the trimmed Terraform provider keeps; only the build reads them.
	TerraformServices []string          `json:"terraformServices"`
	Resources         map[string]string `json:"resources"`
	Invokes           map[string]string `json:"invokes"`
}

// propertyOverride says where the SDK's property differs from what the bridge would make of the Terraform field.
type propertyOverride struct {
	// Name is the SDK's property name; empty: the bridge's own.
	Name string `json:"name"`
	// List keeps a list where the bridge would flatten a block that may occur once.
	List bool `json:"list"`
	// JSONDocument accepts an object besides a string and writes it as JSON.
	JSONDocument bool `json:"jsonDocument"`
	// AutoName derives the value from the resource's logical name when the program gives none.
	AutoName *autoName `json:"autoName"`
}

type autoName struct {
	MaxLength int    `json:"maxLength"`
	Separator string `json:"separator"`
}

// propertyOverrides maps Terraform type, then Terraform field.
type propertyOverrides map[string]map[string]propertyOverride

func readTables() (resourceTable, propertyOverrides, error) {
	var table resourceTable
	if err := decodeStrictly("resource-table.json", resourceTableJSON, &table); err != nil {
		return table, nil, err
	}
	var overrides propertyOverrides
	if err := decodeStrictly("property-overrides.json", propertyOverridesJSON, &overrides); err != nil {
		return table, nil, err
	}
	for terraformType := range overrides {
		if _, known := table.Resources[terraformType]; !known {
			return table, nil, fmt.Errorf("property-overrides.json names %s, which resource-table.json does not", terraformType)
		}
	}
	return table, overrides, nil
}

func decodeStrictly(file string, content []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
