package scene

import "time"

// Attachment is a file that belongs to an entry or a showcase. Its content is
// kept beside it.
type Attachment struct {
	ID   ID     `json:"id"`
	Noun string `json:"noun"` // “opportunity”, “capability” or “showcase”
	Row  ID     `json:"row"`
	Name string `json:"name"` // as it was handed in, without folders
	// Type is the media type by content, never by name.
	Type   string `json:"type"`
	Size   int64  `json:"size"`   // bytes
	Digest string `json:"digest"` // SHA-256 of the content, hex
	// Role is RoleBefore or RoleAfter for a picture of a showcase, else empty.
	Role PictureRole `json:"role,omitempty"`
	// Alt says what a picture shows, for those who do not see it.
	Alt string `json:"alt,omitempty"`
	// Width and Height are those of a picture, in pixels; 0 for other files.
	Width  int       `json:"width,omitempty"`
	Height int       `json:"height,omitempty"`
	Actor  ID        `json:"actor"`
	Added  time.Time `json:"added"`
}

// NounShowcase is the noun of what belongs to a showcase; that of an entry is its kind.
const NounShowcase = "showcase"

// PictureRole says what a picture of a showcase shows.
type PictureRole string

// The roles of a picture.
const (
	RoleBefore PictureRole = "before"
	RoleAfter  PictureRole = "after"
)
