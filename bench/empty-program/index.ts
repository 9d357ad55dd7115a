/** Registers nothing. */
export default function empty(): object {
  return {};
}
