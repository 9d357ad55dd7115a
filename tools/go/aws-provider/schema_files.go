package main

import (
	"fmt"
	"os"
	"path/filepath"
)

type schemaFiles struct {
	schema         []byte
	bridgeMetadata []byte
}

// readSchemaFiles reads what `write-schema` wrote beside the binary, also when the binary was started by a symbolic link.
func readSchemaFiles() (schemaFiles, error) {
	executable, err := os.Executable()
	if err != nil {
		return schemaFiles{}, err
	}
	executable, err = filepath.EvalSymlinks(executable)
	if err != nil {
		return schemaFiles{}, err
	}
	folder := filepath.Dir(executable)
	schema, err := os.ReadFile(filepath.Join(folder, "schema.json"))
	if err != nil {
		return schemaFiles{}, fmt.Errorf("%w: run `%s write-schema %s`", err, executable, folder)
	}
	metadata, err := os.ReadFile(filepath.Join(folder, "bridge-metadata.json"))
	if err != nil {
		return schemaFiles{}, fmt.Errorf("%w: run `%s write-schema %s`", err, executable, folder)
	}
	return schemaFiles{schema: schema, bridgeMetadata: metadata}, nil
}
