/** GET, or POST where there is something to say. */
export async function getJson(path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(path, body ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {})
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`)
  return response.json()
}
