import { Anchor, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

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
  primaryShade: { light: 9, dark: 8 },
  colors: { harbour },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  defaultRadius: 'md',
  autoContrast: true,
  respectReducedMotion: true,
  // a link inside a sentence is told by more than its colour
  components: { Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }) },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' } } },
});

/** Quiet text that still has the contrast WCAG AA asks for; Mantine's own grey has not. */
export const variables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[6],
    '--mantine-color-error': colors.red[9],
    '--mantine-color-harbour-light-color': '#004b56',
    '--mantine-color-orange-light-color': '#8a3400',
  },
  dark: { '--mantine-color-dimmed': colors.dark[1] },
});
