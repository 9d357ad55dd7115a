/** The secrets layer: what each service must not show, as one secret per service. */
import { layerProgram } from "@proliferate-infra/backend/program/layer-program";
import { createSecretsLayer } from "./secrets-layer.ts";

export default layerProgram("secrets", createSecretsLayer);
