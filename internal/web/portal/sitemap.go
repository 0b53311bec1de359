package portal

import (
	"bytes"
	"context"
	"encoding/xml"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

const (
	sitemapMost = 50_000 // addresses, by the protocol
	sitemapKept = 10 * time.Minute
)

// sitemap keeps the list of addresses for a while: it reads all that is open.
type sitemap struct {
	mu   sync.Mutex
	body []byte
	made time.Time
}

type siteURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// Sitemap answers GET /sitemap.xml, where there is a public address.
func (p *Portal) Sitemap(c echo.Context) error {
	p.sitemap.mu.Lock()
	defer p.sitemap.mu.Unlock()
	at := p.now()
	if age := at.Sub(p.sitemap.made); p.sitemap.body == nil || age < 0 || age > sitemapKept {
		body, err := p.drawSitemap(c.Request().Context())
		if err != nil {
			return scene.Wrap("portal.Sitemap", err)
		}
		p.sitemap.body, p.sitemap.made = body, at
	}
	return c.Blob(http.StatusOK, "application/xml; charset=utf-8", p.sitemap.body)
}

func (p *Portal) drawSitemap(ctx context.Context) ([]byte, error) {
	var set struct {
		XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []siteURL `xml:"url"`
	}
	add := func(path string, changed time.Time) {
		if len(set.URLs) < sitemapMost {
			set.URLs = append(set.URLs, siteURL{p.site.URL + path, day(changed)})
		}
	}
	for _, path := range []string{"/", "/opportunities", "/capabilities", "/batches", "/showcases", "/about"} {
		add(path, time.Time{})
	}
	batches, err := p.catalogue.Batches(ctx)
	if err != nil {
		return nil, err
	}
	for i := range batches {
		add(batchURL(batches[i].ID), batches[i].Updated)
	}
	showcases, err := p.catalogue.Showcases(ctx, scene.Published, store.Page{Limit: store.MaxPage})
	if err != nil {
		return nil, err
	}
	for i := range showcases.Items {
		add(showcaseURL(showcases.Items[i].ID), showcases.Items[i].Updated)
	}
	if err := everyOpen(ctx, p.catalogue.Opportunities, func(o *scene.Opportunity) { add(listingURL(scene.KindOpportunity, o.ID), o.Updated) }); err != nil {
		return nil, err
	}
	if err := everyOpen(ctx, p.catalogue.Capabilities, func(o *scene.Capability) { add(listingURL(scene.KindCapability, o.ID), o.Updated) }); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	err = xml.NewEncoder(&b).Encode(set)
	return b.Bytes(), err
}

// everyOpen hands each entry on the market to fn, page by page.
func everyOpen[T any](ctx context.Context, list func(context.Context, store.ListingFilter, store.Page) (store.Rows[T], error), fn func(*T)) error {
	for page := (store.Page{Limit: store.MaxPage}); ; {
		rows, err := list(ctx, store.ListingFilter{}, page)
		if err != nil {
			return err
		}
		for i := range rows.Items {
			fn(&rows.Items[i])
		}
		if page.After = rows.Next; page.After == "" {
			return nil
		}
	}
}
