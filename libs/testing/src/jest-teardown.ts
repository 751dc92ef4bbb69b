/** Jest's global tear-down of the project `real`: ends what the set-up of the same process started. */
export default async function tearDown(): Promise<void> {
  await (globalThis as { stopTestServers?: () => Promise<void> }).stopTestServers?.();
}
