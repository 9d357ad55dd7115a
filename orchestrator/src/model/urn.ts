/** Parts of a resource's URN: `urn:pulumi:<stack>::<project>::<types of the parents and its own, joined by $>::<name>`. Pure. */

/** Type of the resource, such as `aws:ec2/vpc:Vpc`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** Type and name, such as `aws:ec2/vpc:Vpc vpc`. */
export function shortUrn(urn: string): string {
  return `${typeOf(urn)} ${urn.split("::").slice(3).join("::")}`;
}
