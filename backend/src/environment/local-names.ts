/** Names of the local environment. */
import { environmentNames } from "./names.ts";

/** Name of its stack in all layers. */
export const LOCAL_STACK = "local";
/** Account that the emulator speaks for. */
export const ACCOUNT = "000000000000";
export const REGION = "us-east-1";
/** Its state, lock and key. */
export const localEnvironment = environmentNames(ACCOUNT, REGION, LOCAL_STACK);
/** What is lost when the emulator stops. */
export const WHAT_IS_LOST = "the deployed resources, the state and the key of the local environment";
