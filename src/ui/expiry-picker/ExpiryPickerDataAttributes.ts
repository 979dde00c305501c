/** What a stylesheet can go by, on an ExpiryPicker. */
export const ExpiryPickerDataAttributes = {
  /** `duration` (one of the lengths is chosen) · `date` (a date is). */
  mode: 'data-mode',
  /** Present while the date cannot be taken: none, too soon, or too late. */
  invalid: 'data-invalid',
} as const
