import type { CardActionData, CardContent } from './card.js';
import { drawCard } from './layout.js';
import { expand } from './templates.js';
import { asPlain, asRun } from './text.js';

/** A form: the value of Teams' task/fetch answer, less the content type of its card. */
export interface Dialog {
  readonly title: string;
  readonly card: CardContent;
  readonly height: 'small' | 'medium' | 'large';
  readonly width: 'small' | 'medium' | 'large';
}

/** What a submitted dialog brings back beside CardActionData; untrusted. Which ones are there depends on the verb. */
export interface DialogInputs {
  readonly outcome?: 'closed_benign' | 'closed_false_positive';
  readonly notes?: string;
  readonly reason?: string;
  readonly assigneeId?: string;
  readonly ownerId?: string;
  readonly alertId?: string;
  readonly deviceId?: string;
  readonly parameter?: string;
}

export type DialogInputId = keyof DialogInputs;

/** Characters that a form takes, so that one note cannot fill a card or a row. */
export const NOTE_LENGTH = 2000;
/** Characters that closing notes need, without the spaces around them. */
export const CLOSING_NOTES_LEAST = 10;

/** More choices than this do not fit 25 KB; the command takes any name. */
const CHOICES = 60;
const COMPACT = 8;

export interface DialogParts {
  /** "Close A-1042" */
  readonly title: string;
  /** Null: there is nothing to send. */
  readonly submit: string | null;
  /** Of ours. */
  readonly explanation: string;
  /** What it is about: `lead` is of ours, the title is untrusted. */
  readonly about: { readonly lead: string; readonly title: string };
  /** Inputs, and what is said above them. */
  readonly inputs: readonly CardContent[];
  readonly data: CardActionData & CardContent;
  readonly isDangerous?: boolean;
  readonly height: Dialog['height'];
}

export function drawDialog(parts: DialogParts): Dialog {
  const { lead, title } = parts.about;
  const intro = { lead, title: asRun(title, 200), explanation: parts.explanation };
  const style = parts.isDangerous ? 'destructive' : 'positive';
  const { content } = drawCard({
    about: 'dialog',
    fallbackText: `${parts.title}. ${parts.explanation}`,
    summary: parts.title,
    body: [expand('dialogIntro', intro), ...parts.inputs],
    actions: parts.submit === null ? [] : [{ type: 'Action.Submit', title: parts.submit, style, data: parts.data }],
  });
  return { title: parts.title, card: content, height: parts.height, width: 'medium' };
}

export interface NoteParts {
  readonly id: 'notes' | 'reason';
  readonly label: string;
  readonly placeholder: string;
  /** Characters needed, without the spaces around them; 1 when not given. */
  readonly least?: number;
  /** Characters taken; NOTE_LENGTH when not given. */
  readonly most?: number;
}

export function noteInput({ id, label, placeholder, least = 1, most = NOTE_LENGTH }: NoteParts): CardContent {
  return expand('inputText', {
    id,
    label: least > 1 ? `${label} (at least ${least} characters)` : label,
    placeholder,
    errorMessage: least > 1 ? `Write at least ${least} characters.` : 'Write a sentence; it is kept in the history.',
    maxLength: most,
    regex: least > 1 ? `^\\s*\\S[\\s\\S]{${least - 2},}\\S\\s*$` : '^[\\s\\S]*\\S[\\s\\S]*$',
  });
}

export interface ChoiceParts {
  readonly id: Exclude<DialogInputId, 'notes' | 'reason'>;
  readonly label: string;
  readonly placeholder: string;
  readonly errorMessage: string;
  readonly choices: readonly { readonly title: string; readonly value: string }[];
  /** Chosen from the start. */
  readonly value?: string;
}

/** Few choices are shown as buttons, more as a list that filters while typing. */
export function choiceInput({ value: chosen, ...parts }: ChoiceParts): CardContent {
  const choices = parts.choices
    .slice(0, CHOICES)
    .map(({ title, value }) => ({ title: asPlain(title, 60) || value, value }));
  const style = choices.length <= 3 ? 'expanded' : choices.length <= COMPACT ? 'compact' : 'filtered';
  const label = parts.choices.length > CHOICES ? `${parts.label} (${CHOICES} shown; others by command)` : parts.label;
  const drawn = expand('inputChoice', { ...parts, label, style, choices });
  return chosen === undefined ? drawn : { ...drawn, value: chosen };
}
