/** Further containers in each task of a service, such as those that collect logs or traces, as a setting gives them. Pure. */
import { z } from "zod";
import { applicationContainerNames } from "../services.ts";
import { commandSchema, json, variablesSchema } from "../values/value-kinds.ts";

/** ECS runs ten containers in a task (Amazon ECS service quotas), the service's own among them. */
const MOST_SIDECARS = 9;

// Characters and lengths: ECS API Reference, ContainerDefinition.
const sidecarSchema = z.strictObject({
  /** Not that of an application's container, which is found by its name. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,255}$/)
    .refine((name) => !applicationContainerNames.includes(name)),
  image: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:/@#-]{0,254}$/),
  /** Whether the task stops when this container does. */
  essential: z.boolean(),
  environment: variablesSchema.default({}),
  /** Program and arguments; left out: what the image says. */
  command: commandSchema.optional(),
});

export type Sidecar = Readonly<z.infer<typeof sidecarSchema>>;

/** The further containers of a service. */
export const sidecars = json<readonly Sidecar[]>(
  `a JSON list of up to ${MOST_SIDECARS} containers of different names, but no service's, such as ` +
    '[{"name": "traces", "image": "public.ecr.aws/example/collector:1.0", "essential": false}], and environment and command if needed',
  z
    .array(sidecarSchema)
    .max(MOST_SIDECARS)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length),
);
