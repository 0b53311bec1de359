package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"jinghe/internal/scene"
)

// Embed is what a widget in another site's page shows: a list, or the matches of
// one entry.
type Embed struct {
	Kind    scene.Kind // of what is shown
	Title   string
	Of      string // the entry whose matches are shown
	Cards   []Card
	Matches []Match
	Total   int
	Notice  string
	AllURL  string
	Query   string
	Keep    []Fact // what a search takes along; nil: no search box
	Accent  string // see [Accent]
	Small   bool
	Height  bool // tells its height to the page around it
}

// Widget is the page that explains widgets.
type Widget struct {
	Site    string   // the address of this site, without a slash at the end
	Allowed []string // sites that may put them into their pages
	Entry   string   // id of an opportunity to show matches of
}

// Setting is one attribute of the tag of a widget.
type setting struct{ Name, Values, Key string }

func widgetSettings() []setting {
	return []setting{
		{"data-show", "opportunities | capabilities | matches", "show"},
		{"data-opportunity, data-capability", "ID", "entry"},
		{"data-q", "桥梁 监测", "q"},
		{"data-field, data-batch, data-organisation", "smart_water", "filter"},
		{"data-limit", "1–20", "limit"},
		{"data-search", "yes", "search"},
		{"data-theme", "auto | light | dark", "theme"},
		{"data-accent", "#0b625d", "accent"},
		{"data-size", "small | normal | large", "size"},
		{"data-lang", "zh | en", "lang"},
		{"data-title", "…", "title"},
	}
}

// tag is the line that puts a widget into a page; attributes are pairs.
func (v Widget) tag(attributes ...string) string {
	var b strings.Builder
	b.WriteString(`<script async src="` + v.Site + `/embed.js"`)
	for i := 0; i+1 < len(attributes); i += 2 {
		b.WriteString(` ` + attributes[i] + `="` + attributes[i+1] + `"`)
	}
	b.WriteString(`></script>`)
	return b.String()
}

// Accent reads a colour of six hexadecimal digits, with or without “#”; anything
// else is none.
func Accent(text string) string {
	text = strings.ToLower(strings.TrimPrefix(text, "#"))
	if len(text) != 6 {
		return ""
	}
	if _, err := strconv.ParseUint(text, 16, 32); err != nil {
		return ""
	}
	return text
}

// The grounds on which words in the colour stand: the darkest of the light look
// and the lightest of the dark one (--sunk in app.css).
const (
	lightGround, darkGround = "f3efe6", "24282f"
	readable                = 4.5 // WCAG 2.2 AA, 1.4.3
)

// AccentStyle is a style sheet that has the links and marks of a widget in a
// colour, moved towards black or white until it can be read in either look.
func AccentStyle(accent string) string {
	look := func(colour string) string {
		c := "#" + colour
		return "--need:" + c + ";--offer:" + c + ";--link:" + c + ";--focus:" + c + ";--need-bar:" + c + ";--offer-bar:" + c +
			";--need-soft:var(--sunk);--offer-soft:var(--sunk)"
	}
	light, dark := look(moved(accent, lightGround, 0)), look(moved(accent, darkGround, 255))
	return ":root:root:root{" + light + "}" +
		"@media (prefers-color-scheme:dark){:root:root[data-theme=\"auto\"]:root{" + dark + "}}" +
		":root:root[data-theme=\"dark\"]:root{" + dark + "}"
}

// moved mixes a colour with as little of black (0) or white (255) as makes it
// readable on a ground.
func moved(colour, ground string, towards int) string {
	rgb := channels(colour)
	for step := range 21 {
		var mixed [3]int
		for i, c := range rgb {
			mixed[i] = c + (towards-c)*step/20
		}
		if contrast(mixed, channels(ground)) >= readable {
			return fmt.Sprintf("%02x%02x%02x", mixed[0], mixed[1], mixed[2])
		}
	}
	return fmt.Sprintf("%02[1]x%02[1]x%02[1]x", towards)
}

func channels(colour string) (rgb [3]int) {
	n, err := strconv.ParseUint(colour, 16, 32)
	if err != nil {
		return rgb // callers pass what Accent let through
	}
	return [3]int{int(n >> 16 & 255), int(n >> 8 & 255), int(n & 255)}
}

// contrast is the ratio of WCAG 2.2 between two colours, 1 to 21.
func contrast(a, b [3]int) float64 {
	x, y := brightness(a), brightness(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// brightness is the relative luminance of WCAG 2.2, 0 to 1.
func brightness(rgb [3]int) float64 {
	sum := 0.0
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
