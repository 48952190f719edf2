export type Theme = 'system' | 'light' | 'dark';

const KEY = 'hedgerow.theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** Light or dark: as the system has it, unless chosen. `public/theme.js` applies the choice before paint. */
class ThemeState {
  #chosen = $state<Theme>((localStorage.getItem(KEY) as Theme | null) ?? 'system');
  #systemDark = $state(systemDark.matches);

  constructor() {
    systemDark.addEventListener('change', (event) => {
      this.#systemDark = event.matches;
    });
  }

  get chosen(): Theme {
    return this.#chosen;
  }

  get dark(): boolean {
    return this.#chosen === 'system' ? this.#systemDark : this.#chosen === 'dark';
  }

  choose(theme: Theme): void {
    this.#chosen = theme;
    if (theme === 'system') {
      localStorage.removeItem(KEY);
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem(KEY, theme);
      document.documentElement.dataset.theme = theme;
    }
  }
}

export const theme = new ThemeState();
