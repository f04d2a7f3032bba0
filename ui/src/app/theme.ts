import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: harbour water. */
const harbour: MantineColorsTuple = [
  '#e6f7f9',
  '#d3ecef',
  '#a7d8de',
  '#77c3cd',
  '#50b1be',
  '#37a6b5',
  '#279fb0',
  '#15899a',
  '#037a8a',
  '#006a79',
];

export const theme = createTheme({
  primaryColor: 'harbour',
  // dark enough for white text on it (WCAG AA), light enough on dark pages
  primaryShade: { light: 9, dark: 7 },
  colors: { harbour },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  defaultRadius: 'md',
  autoContrast: true,
  respectReducedMotion: true,
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' } } },
});
