package ui

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"jinghe/internal/locale"
)

// Page is what the frame around every view needs.
type Page struct {
	Lang  locale.Lang
	Theme string // "light", "dark" or "" to follow the system
	Large bool   // large text
	// Title is the heading of the page; the site's name is added behind it.
	Title       string
	Description string
	// Here is path and query of this page, for links that come back to it.
	Here string
	// Nav names the active entry of the main navigation, or is empty.
	Nav string
	// Query fills the search box of the header.
	Query string
	// OwnSearch says that the page has a search box of its own.
	OwnSearch bool
	// Canonical is the address by which the page should be known: path and query
	// without what only changes its look; "" is not told.
	Canonical string
	// Feeds are feeds of what the page lists.
	Feeds []Link
	// Data describes the page to machines (schema.org), nil for not at all.
	Data any
	// Kind is the Open Graph type, "" for website; Image the path of a picture to share.
	Kind, Image string
	// More asks for the style of the pages beside the main way.
	More bool
	// NoIndex asks search engines to leave the page out.
	NoIndex   bool
	RequestID string
	// Open says that people can sign in; Who is the name of who is, Rooms the
	// parts of the service that are open to that account.
	Open  bool
	Who   string
	Rooms []string
	// Inbox says that who is signed in has one, Unread how much of it is new.
	Inbox  bool
	Unread int
	// Form is the token that every form carries.
	Form string
	// Desk asks for the style and script of forms and tables.
	Desk bool
	// Fair asks for those of matchmaking events besides.
	Fair bool
	// Draws asks for the script of drawings and their style.
	Draws bool
	// Phone asks for the script of personal pages besides, and Manifest names the
	// file that makes such a page installable, "" for none.
	Phone    bool
	Manifest string
	Site     Site
	Assets   *Assets
}

// Site is what an installation says of itself in the frame. Empty fields are not shown.
type Site struct {
	Name string // of the centre that runs it
	// Contact is how the centre itself is reached: a telephone number, a mail
	// address or the address of a page.
	Contact string
	City    string
	// URL is the address people use, such as "https://changjing.example.cn"; ""
	// where nobody told, and then no absolute link is made.
	URL    string
	ICP    string // ICP 备案 number
	Police string // 公安备案 number
}

// T renders the message key with pairs of names and values.
func (p *Page) T(key string, pairs ...any) string {
	if len(pairs) == 0 {
		return locale.Text(p.Lang, key, nil)
	}
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			args[name] = pairs[i+1]
		}
	}
	return locale.Text(p.Lang, key, args)
}

// Has reports whether there is a message for key.
func (p *Page) Has(key string) bool { return locale.Has(locale.Zh, key) }

// HTMLLang is the language tag of the interface.
func (p *Page) HTMLLang() string { return HTMLLang(p.Lang) }

// HTMLLang is the tag of a language of the interface.
func HTMLLang(l locale.Lang) string {
	if l == locale.En {
		return "en"
	}
	return "zh-CN"
}

// textLang is the language tag for text of the lists, which stays Chinese in
// the English interface unless a translation was given.
func (p *Page) textLang(text string) string {
	for _, r := range text {
		if r >= 0x3400 && r <= 0x9FFF {
			return "zh-CN"
		}
	}
	return "en"
}

func (p *Page) fullTitle() string {
	if p.Title == "" {
		return p.T("web.site.title")
	}
	return p.Title + " · " + p.T("web.site.name")
}

// unread is the number beside the inbox, which stays short.
func (p *Page) unread() string {
	if p.Unread > 99 {
		return "99+"
	}
	return strconv.Itoa(p.Unread)
}

// otherLang returns the language to switch to.
func (p *Page) otherLang() locale.Lang {
	if p.Lang == locale.En {
		return locale.Zh
	}
	return locale.En
}

// absolute is a path on this site as others have to write it; without a public
// address it stays a path.
func (p *Page) absolute(path string) string { return p.Site.URL + path }

// kind is the Open Graph type.
func (p *Page) kind() string {
	if p.Kind == "" {
		return "website"
	}
	return p.Kind
}

// siteName is what the site is called in the head of shared pages.
func (p *Page) siteName() string {
	if p.Site.Name != "" {
		return p.Site.Name
	}
	return p.T("web.site.name")
}

// heading is the title without the site's name.
func (p *Page) heading() string {
	if p.Title == "" {
		return p.T("web.site.title")
	}
	return p.Title
}

// prefer returns the link that changes one preference and comes back here.
func (p *Page) prefer(name, value string) string {
	return "/preferences?" + name + "=" + value + "&back=" + url.QueryEscape(p.Here)
}

func (p *Page) largeValue() string {
	if p.Large {
		return "off"
	}
	return "on"
}

func (p *Page) textSize() string {
	if p.Large {
		return "large"
	}
	return "normal"
}

func (p *Page) theme() string {
	if p.Theme == "" {
		return "auto"
	}
	return p.Theme
}

// nextTheme cycles auto → light → dark.
func (p *Page) nextTheme() string {
	switch p.Theme {
	case "light":
		return "dark"
	case "dark":
		return "auto"
	default:
		return "light"
	}
}

func paragraphs(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (p *Page) spanLang(text []Span) string {
	for _, s := range text {
		if p.textLang(s.Text) == "zh-CN" {
			return "zh-CN"
		}
	}
	return "en"
}

// suggestKind is the kind of listing that the search box of the header completes.
func (p *Page) suggestKind() string {
	if p.Nav == "capabilities" {
		return "capability"
	}
	return "opportunity"
}

// searchAction is where the search box of the header leads.
func searchAction(p *Page) templ.SafeURL {
	if p.Nav == "capabilities" {
		return "/capabilities"
	}
	return "/opportunities"
}

// contactURL is the link behind the centre's own contact, "" if it has none.
func (p *Page) contactURL() templ.SafeURL {
	contact := strings.TrimSpace(p.Site.Contact)
	switch {
	case strings.HasPrefix(contact, "https://"), strings.HasPrefix(contact, "http://"):
		return templ.SafeURL(contact)
	case strings.ContainsAny(contact, " ，,;；"):
		return ""
	case strings.Contains(contact, "@"):
		return templ.SafeURL("mailto:" + contact)
	case contact != "" && strings.Trim(contact, "+-()0123456789") == "":
		return templ.SafeURL("tel:" + contact)
	}
	return ""
}
