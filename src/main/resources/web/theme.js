// Light or dark: the system's choice, or the person's, which this browser remembers.

const THEME = 'rag.theme';

export const THEMES = ['system', 'light', 'dark'];

export function theme() {
  const chosen = localStorage.getItem(THEME);
  return THEMES.includes(chosen) ? chosen : 'system';
}

export function chooseTheme(name) {
  localStorage.setItem(THEME, name);
  applyTheme();
}

/** Shows the theme, and tells those who draw by themselves. */
export function applyTheme() {
  const name = theme();
  if (name === 'system') {
    document.documentElement.removeAttribute('data-theme');
  } else {
    document.documentElement.setAttribute('data-theme', name);
  }
  document.dispatchEvent(new CustomEvent('theme'));
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme);
