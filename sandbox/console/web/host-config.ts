/**
 * How Teams draws cards. Colours are CSS variables of the theme, so that light and dark need no second drawing.
 * After https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
const colour = (name: string) => ({ default: `var(--${name})`, subtle: `var(--${name})` });

const foregroundColors = {
  default: { default: 'var(--colorNeutralForeground1)', subtle: 'var(--colorNeutralForeground3)' },
  dark: { default: 'var(--colorNeutralForeground1)', subtle: 'var(--colorNeutralForeground3)' },
  light: { default: 'var(--colorNeutralForeground3)', subtle: 'var(--colorNeutralForeground3)' },
  accent: colour('colorBrandForeground2'),
  good: colour('colorStatusSuccessForeground1'),
  warning: colour('colorStatusWarningForeground3'),
  attention: colour('colorPaletteRedForeground1'),
};

const style = (background: string, border: string) => ({
  backgroundColor: `var(--${background})`,
  borderColor: `var(--${border})`,
  foregroundColors,
});

export const hostConfig = {
  supportsInteractivity: true,
  fontFamily: 'inherit',
  fontTypes: {
    default: {
      fontFamily: 'inherit',
      fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
      fontWeights: { lighter: 400, default: 400, bolder: 600 },
    },
    monospace: {
      fontFamily: 'Consolas, "Liberation Mono", monospace',
      fontSizes: { small: 12, default: 13, medium: 16, large: 18, extraLarge: 24 },
      fontWeights: { lighter: 400, default: 400, bolder: 600 },
    },
  },
  spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 12 },
  separator: { lineThickness: 1, lineColor: 'var(--colorNeutralStroke2)' },
  imageSizes: { small: 32, medium: 52, large: 100 },
  containerStyles: {
    default: style('colorNeutralBackground1', 'colorNeutralStroke2'),
    emphasis: style('colorNeutralBackground3', 'colorNeutralStroke2'),
    accent: style('colorBrandBackground2', 'colorBrandStroke2'),
    good: style('colorStatusSuccessBackground1', 'colorStatusSuccessBorder1'),
    attention: style('colorStatusDangerBackground1', 'colorStatusDangerBorder1'),
    warning: style('colorStatusWarningBackground1', 'colorStatusWarningBorder1'),
  },
  actions: {
    maxActions: 6,
    spacing: 'default',
    buttonSpacing: 8,
    showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    preExpandSingleShowCardAction: false,
    allowTitleToWrap: true,
  },
  adaptiveCard: { allowCustomStyle: true },
  imageSet: { imageSize: 'medium', maxImageHeight: 100 },
  factSet: {
    title: { color: 'default', size: 'default', isSubtle: false, weight: 'bolder', wrap: true, maxWidth: 150 },
    value: { color: 'default', size: 'default', isSubtle: false, weight: 'default', wrap: true },
    spacing: 12,
  },
  inputs: {
    label: {
      inputSpacing: 'small',
      requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
      optionalInputs: { weight: 'bolder' },
    },
    errorMessage: { color: 'attention', spacing: 'small' },
  },
  textBlock: { headingLevel: 3 },
  textStyles: { heading: { weight: 'bolder', size: 'large' }, columnHeader: { weight: 'bolder' } },
  table: { cellSpacing: 8 },
};
