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

const DAY = 86_400_000;

/** The days of hours that a service has counted, the earliest first: its address for each, as one may type it. */
export function dayAddresses(address: string, hours: readonly Date[]): string[] {
  const days = new Set(hours.map((hour) => Math.floor(hour.getTime() / DAY)));
  const at = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);
  return [...days]
    .sort((a, b) => a - b)
    .map((day) => `${withoutSlash(address)}/profile?from=${at(day)}&to=${at(day + 1)}`);
}

/** A service, and what time it is asked about, where its address says that. */
export interface Asked {
  url: string;
  from?: Date;
  to?: Date;
}

export function askedOf(address: string): Asked {
  if (!URL.canParse(address)) return { url: address };
  const { origin, pathname, searchParams } = new URL(address);
  const time = (name: string) => {
    const text = searchParams.get(name);
    return text === null ? {} : { [name]: new Date(text) };
  };
  const span = { ...time('from'), ...time('to') };
  if (Object.keys(span).length === 0) return { url: address };
  return { url: origin + pathname.replace(/\/profile\/?$/, ''), ...span };
}
