/** The network layer: VPC, subnets, routes, endpoints and every security group of an environment. */
import { layerProgram } from "@proliferate-infra/backend/program/layer-program";
import { createNetworkLayer } from "./network-layer.ts";

export default layerProgram("network", createNetworkLayer);
