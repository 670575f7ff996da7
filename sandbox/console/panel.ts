import type { WireControl, WireField } from './wire.js';

/** Who pressed the control, and where they were. */
export interface PanelContext {
  readonly personId: string;
  readonly conversationId: string;
}

export type PanelValues = Readonly<Record<string, string | number>>;

interface ControlBase {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  /** One short sentence under the label. */
  readonly hint?: string;
}

export interface PanelButton extends ControlBase {
  readonly kind: 'button';
  readonly fields?: readonly WireField[];
  /** The sentence that is shown afterwards, if any. */
  run(values: PanelValues, context: PanelContext): Promise<string | undefined>;
}

export interface PanelToggle extends ControlBase {
  readonly kind: 'toggle';
  isOn(): boolean;
  run(on: boolean, context: PanelContext): Promise<string | undefined>;
}

/** "Make things happen" is a list of these; whoever adds something that can happen adds a line. */
export type PanelControl = PanelButton | PanelToggle;

export function drawPanel(panel: readonly PanelControl[]): WireControl[] {
  return panel.map((control) => ({
    id: control.id,
    label: control.label,
    group: control.group,
    kind: control.kind,
    ...(control.hint === undefined ? {} : { hint: control.hint }),
    fields: control.kind === 'button' ? (control.fields ?? []) : [],
    isOn: control.kind === 'toggle' && control.isOn(),
  }));
}

/** Values that are not among the choices or out of range are replaced by the initial ones. */
export function readValues(fields: readonly WireField[], given: Readonly<Record<string, unknown>>): PanelValues {
  return Object.fromEntries(fields.map((field) => [field.id, readValue(field, given[field.id])]));
}

function readValue(field: WireField, value: unknown): string | number {
  const initial = field.initial ?? field.choices?.[0]?.value ?? (field.type === 'number' ? (field.min ?? 0) : '');
  if (field.type === 'choice') return field.choices?.some((one) => one.value === value) ? String(value) : initial;
  if (field.type === 'text') return typeof value === 'string' ? value.slice(0, 1_000) : initial;
  const number = Number(value);
  if (!Number.isFinite(number)) return initial;
  return Math.min(field.max ?? Infinity, Math.max(field.min ?? -Infinity, number));
}
