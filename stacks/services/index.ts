/** The services layer: what runs the gateway, the llm-proxy and the worker. */
import { deployedOutputs } from "@proliferate-infra/backend/program/deployed-outputs";
import { layerProgram } from "@proliferate-infra/backend/program/layer-program";
import { createServicesLayer } from "./services-layer.ts";

export default layerProgram("services", createServicesLayer, deployedOutputs);
