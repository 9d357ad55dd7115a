/** The data layer: Redis and Postgres of an environment. */
import { layerProgram } from "@proliferate-infra/backend/program/layer-program";
import { createDataLayer } from "./data-layer.ts";

export default layerProgram("data", createDataLayer);
