import { DOSE_UNITS, isPositiveDecimal, MAX_PRESCRIPTION_NOTE_LENGTH, type MedicineCode } from "@galen/gateway/fhir/prescription";
import { Autocomplete, Checkbox, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useTexts } from "../../frame/texts.ts";
import styles from "./clinician.module.css";
import {
  MAX_DAYS,
  MAX_MEDICINE_LENGTH,
  MAX_TIMES_PER_DAY,
  type PrescriptionForm,
  quantityOf,
  unitWords,
  wholeNumber,
} from "./prescription-draft.ts";
import { prescriptionTexts } from "./prescription-texts.ts";

interface FieldsProps {
  readonly form: PrescriptionForm;
  readonly onChange: (part: Partial<PrescriptionForm>) => void;
  /** Medicines that the record names, with their codes. */
  readonly known: ReadonlyMap<string, MedicineCode | undefined>;
}

/** Medicine, dose, frequency, duration, quantity and a note. */
export function PrescriptionFields({ form, onChange, known }: FieldsProps) {
  const t = useTexts(prescriptionTexts);
  const code = known.get(form.medicine.trim());
  return (
    <>
      <div>
        <Autocomplete
          label={t("medicine")}
          description={t("medicineHint")}
          size="md"
          required
          limit={8}
          maxLength={MAX_MEDICINE_LENGTH}
          data={[...known.keys()]}
          value={form.medicine}
          onChange={(medicine) => onChange({ medicine })}
        />
        {code && <p className={styles.quiet}>{t("coded", { code: code.code })}</p>}
      </div>
      <Amounts form={form} onChange={onChange} />
      <Checkbox
        size="md"
        label={t("asNeeded")}
        checked={form.asNeeded}
        onChange={(event) => onChange({ asNeeded: event.currentTarget.checked })}
      />
      <Textarea
        label={t("note")}
        size="md"
        rows={2}
        maxLength={MAX_PRESCRIPTION_NOTE_LENGTH}
        value={form.note}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
      />
    </>
  );
}

function Amounts({ form, onChange }: Pick<FieldsProps, "form" | "onChange">) {
  const t = useTexts(prescriptionTexts);
  const quantity = quantityOf(form);
  const whole = (text: string, max: number) => (wholeNumber(text, max) === undefined ? t("whole", { max }) : undefined);
  const decimal = (text: string) => (isPositiveDecimal(text) ? undefined : t("number"));
  return (
    <div className={styles.amounts}>
      <Digits label={t("dose")} value={form.dose} error={decimal(form.dose)} onChange={(dose) => onChange({ dose })} />
      <NativeSelect
        label={t("unit")}
        size="md"
        value={form.unit}
        onChange={(event) => onChange({ unit: DOSE_UNITS.find((unit) => unit === event.currentTarget.value) ?? form.unit })}
        data={DOSE_UNITS.map((value) => ({ value, label: unitWords(value, t) }))}
      />
      <Digits
        label={t("times")}
        value={form.times}
        error={whole(form.times, MAX_TIMES_PER_DAY)}
        onChange={(times) => onChange({ times })}
      />
      <Digits label={t("days")} value={form.days} error={whole(form.days, MAX_DAYS)} onChange={(days) => onChange({ days })} />
      <Digits label={t("quantity")} value={quantity} error={decimal(quantity)} onChange={(typed) => onChange({ quantity: typed })} />
    </div>
  );
}

interface DigitsProps {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A number as it is typed: what is no number is said, and never changed into one. */
function Digits({ label, value, error, onChange }: DigitsProps) {
  return (
    <TextInput
      label={label}
      size="md"
      required
      inputMode="decimal"
      maxLength={9}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
