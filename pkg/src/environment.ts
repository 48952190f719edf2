/** What this runs in, by name and version. */
export function environment(): string {
  const { Deno, Bun, process, navigator } = globalThis as {
    Deno?: { version: { deno: string } };
    Bun?: { version: string };
    process?: { versions?: { node?: string } };
    navigator?: { userAgent?: string };
  };
  if (Deno) return `Deno ${Deno.version.deno}`;
  if (Bun) return `Bun ${Bun.version}`;
  if (process?.versions?.node) return `Node ${process.versions.node}`;
  return navigator?.userAgent ?? 'unknown';
}
