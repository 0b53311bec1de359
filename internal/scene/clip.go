package scene

// Clip cuts a text to at most so many code points, the last of which is an ellipsis
// where there was more. What may hold a contact goes through [Redact] first: half a
// number is not known for one.
func Clip(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}
