import { refusalOf, unreachable } from '../../api/refused-call.ts';
import { bearerRefused, bearerToken } from '../../session/bearer.ts';

/** Fetches a file as whoever is signed in, and gives it to the browser to save. @throws RefusedCall */
export async function saveFile(path: string, query: Readonly<Record<string, string>>, name: string): Promise<void> {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${bearerToken() ?? ''}` },
  }).catch(() => undefined);
  if (response === undefined) throw unreachable();
  if (!response.ok) {
    if (response.status === 401) bearerRefused();
    throw await refusalOf(response);
  }
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
