/** Addresses of services, as they are typed. */

/** What an address is known by: however it is spelled, one service has one. */
export function addressKey(address: string): string {
  const plain = URL.canParse(address) ? new URL(address).href : address;
  return withoutSlash(plain);
}

/** Addresses, by lines, commas or spaces; each once. */
export function addressesIn(text: string): string[] {
  const known = new Set<string>();
  return text.split(/[\s,]+/).filter((address) => {
    const key = addressKey(address);
    const isNew = address !== '' && !known.has(key);
    known.add(key);
    return isNew;
  });
}

/** An address that a path is put behind. */
export function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}
