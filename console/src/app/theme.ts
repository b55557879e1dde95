import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** The one accent. What it marks can be acted on, or is where you are. */
const iris: MantineColorsTuple = [
  '#eff0ff',
  '#dfe1fb',
  '#bcc0f3',
  '#979cec',
  '#777ee6',
  '#6369e2',
  '#555be0',
  '#4b4fd9',
  '#3f43c4',
  '#3438a8',
]

/** Cool greys, a little blue in the dark ones, so that both schemes look like the same house. */
const gray: MantineColorsTuple = [
  '#f8f9fb',
  '#f1f2f5',
  '#e6e8ed',
  '#d9dce3',
  '#c2c7d1',
  '#a3a9b6',
  '#7c8392',
  '#5c6370',
  '#3b404b',
  '#20242c',
]

/** Danger, dark enough in both schemes for white letters on it. */
const red: MantineColorsTuple = [
  '#fdecee',
  '#f9d5d8',
  '#f2a9af',
  '#ec7c85',
  '#e25b66',
  '#cf3f4a',
  '#c83744',
  '#c0303b',
  '#a52832',
  '#8a1f29',
]

const dark: MantineColorsTuple = [
  '#d6dae3',
  '#b4bac7',
  '#8e95a5',
  '#656c7c',
  '#3e4451',
  '#2f343f',
  '#24282f',
  '#1a1d23',
  '#15171c',
  '#101216',
]

export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 7, dark: 5 },
  colors: { iris, gray, dark, red },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '600' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  // By their names alone: to import them here would bring all of them along with the first screen.
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    NativeSelect: { defaultProps: { size: 'sm' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500, lts: 0 } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, multiline: true } },
    Menu: { defaultProps: { shadow: 'md', withinPortal: true } },
    // The header of a dialog is no second banner of the page.
    Modal: {
      defaultProps: { centered: true, radius: 'md', attributes: { header: { role: 'presentation' } } },
    },
    Drawer: { defaultProps: { position: 'right', attributes: { header: { role: 'presentation' } } } },
  },
})
