import { type Address, addressOf, parseAddress, type View } from '../lib/address.ts';

class Route {
  #address: Address = $state.raw(parseAddress(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.#address = parseAddress(location.hash);
    });
  }

  get view(): View {
    return this.#address.view;
  }

  get part(): string {
    return this.#address.part;
  }

  go(view: View, part = ''): void {
    location.hash = addressOf(view, part);
  }
}

export const route = new Route();
