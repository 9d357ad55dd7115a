/** CPU and memory pairs that Fargate runs. Source: Amazon ECS developer guide, "Task CPU and memory" for Fargate. */

const GIB = 1024;

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
}

/** CPU units (1024 = one virtual CPU) to the memory sizes in MiB that go with them, for Linux tasks. */
export const fargateSizes: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1 * GIB, 2 * GIB]],
  [512, steps(1 * GIB, 4 * GIB, GIB)],
  [1024, steps(2 * GIB, 8 * GIB, GIB)],
  [2048, steps(4 * GIB, 16 * GIB, GIB)],
  [4096, steps(8 * GIB, 30 * GIB, GIB)],
  [8192, steps(16 * GIB, 60 * GIB, 4 * GIB)],
  [16384, steps(32 * GIB, 120 * GIB, 8 * GIB)],
]);

/** Whether Fargate runs tasks of that size (CPU units, MiB). */
export function isFargateSize(cpu: number, memory: number): boolean {
  return fargateSizes.get(cpu)?.includes(memory) ?? false;
}
