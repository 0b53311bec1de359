package crowd

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// Person is somebody with an account. It is written as JSON by whoever made the accounts.
type Person struct {
	Login    string   `json:"login"`
	Password string   `json:"password"`
	Staff    bool     `json:"staff"`            // works at the centre; others are of an enterprise
	Token    string   `json:"token,omitempty"`  // access token of the enterprise's own program
	Offers   []string `json:"offers,omitempty"` // ids of the enterprise's published capabilities
}

// Town is a server and what there is to look at.
type Town struct {
	Base   string // such as http://127.0.0.1:8080, without a slash behind
	People []Person

	needs, offers []seen
}

// seen is a public listing.
type seen struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Organisation struct {
		ID string `json:"id"`
	} `json:"organisation"`
}

// lookMost is how many listings of a side are known by id; pages are asked of
// all parts of a list by its filters.
const lookMost = 5000

// look learns what there is from the API.
func (t *Town) look(ctx context.Context, c *http.Client) (err error) {
	if t.needs, err = t.listings(ctx, c, "opportunities"); err != nil {
		return err
	}
	t.offers, err = t.listings(ctx, c, "capabilities")
	return err
}

func (t *Town) listings(ctx context.Context, c *http.Client, kind string) (all []seen, err error) {
	for cursor := ""; len(all) < lookMost; {
		var page struct {
			Items []seen `json:"items"`
			Next  string `json:"next_cursor"`
		}
		q := url.Values{"limit": {"100"}}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		if err := get(ctx, c, t.Base+"/api/v1/"+kind+"?"+q.Encode(), &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("crowd: %s has no published %s", t.Base, kind)
	}
	return all, nil
}

func get(ctx context.Context, c *http.Client, address string, out any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("crowd: %w", err)
	}
	w, err := c.Do(r)
	if err != nil {
		return fmt.Errorf("crowd: %w", err)
	}
	defer func() { _ = w.Body.Close() }()
	if w.StatusCode != http.StatusOK {
		return fmt.Errorf("crowd: %s answered %s", address, w.Status)
	}
	if err := json.NewDecoder(w.Body).Decode(out); err != nil {
		return fmt.Errorf("crowd: %s: %w", address, err)
	}
	return nil
}
