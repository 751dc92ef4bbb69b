import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The page's own colour: a harbour's, neither agency's. */
const harbour: MantineColorsTuple = [
  '#e8f4f7',
  '#d0e6ec',
  '#a3cddb',
  '#72b2c8',
  '#4b9cb8',
  '#3189a6',
  '#1c7893',
  '#0c657f',
  '#07536a',
  '#044055',
];

export const theme = createTheme({
  colors: { harbour },
  primaryColor: 'harbour',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Consolas, "Liberation Mono", Menlo, monospace',
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1.0625rem' } } },
});

/** Where Mantine's own choices are too faint to be read by everybody (WCAG 2.2, 1.4.3): darker on light, lighter on dark. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-text': '#17252b',
    '--mantine-color-dimmed': '#4d5d64',
    '--mantine-color-placeholder': '#5c6b72',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#0b5f78',
    '--mantine-color-body': '#ffffff',
  },
  dark: {
    '--mantine-color-text': '#dbe3e6',
    '--mantine-color-dimmed': '#a9b5ba',
    '--mantine-color-placeholder': '#9aa7ad',
    '--mantine-color-error': '#ff9d92',
    '--mantine-color-anchor': '#7cc4db',
    '--mantine-color-body': '#151b1e',
  },
});

/** The nonce of this very answer, under which styles may be added to the page (its Content-Security-Policy). */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
