import eslint from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import globals from "globals";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import { clientsElsewhere } from "./test/architecture/aws-clients.mjs";
import { importZones } from "./test/architecture/import-zones.mjs";

export default defineConfig(
  { ignores: ["**/node_modules/**"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "@pulumi": pulumi },
    rules: {
      // An output in a template string becomes an error text, not a value.
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // `{ a: undefined }` types of builders use {} for "anything but null and undefined".
      "@typescript-eslint/no-empty-object-type": ["error", { allowObjectTypes: "always" }],
    },
  },
  {
    files: ["{shared,backend,orchestrator,stacks}/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...clientsElsewhere] },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // chai's assertions are expressions.
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: globals.node },
  },
  ...importZones,
);
