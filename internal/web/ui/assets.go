package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

// Asset is one embedded file, ready to be sent.
type Asset struct {
	Name    string // "app.css"
	Type    string // content type
	Plain   []byte // nil for a file that is kept packed; see [Asset.Unpacked]
	Gzipped []byte // nil where compression does not pay
	Hash    string // of the content, hex
}

// packedExt marks files that the program carries as they are sent to nearly all
// browsers: packed once, better than a server has the time for.
const packedExt = ".gz"

// Unpacked returns the content for a client that takes nothing packed.
func (a *Asset) Unpacked() ([]byte, error) {
	if a.Plain != nil {
		return a.Plain, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(a.Gzipped))
	if err != nil {
		return nil, fmt.Errorf("ui.Asset.Unpacked %s: %w", a.Name, err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("ui.Asset.Unpacked %s: %w", a.Name, err)
	}
	return plain, nil
}

// Assets holds the embedded files under addresses that change with their
// content, so that a browser may keep them for ever. It is immutable.
type Assets struct {
	byAddress map[string]*Asset
	address   map[string]string
}

// LoadAssets reads and compresses the embedded files.
func LoadAssets() (*Assets, error) {
	a := &Assets{byAddress: map[string]*Asset{}, address: map[string]string{}}
	entries, err := fs.ReadDir(assetFiles, "assets")
	if err != nil {
		return nil, fmt.Errorf("ui.LoadAssets: %w", err)
	}
	for _, e := range entries {
		content, err := assetFiles.ReadFile("assets/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("ui.LoadAssets: %w", err)
		}
		if err := a.add(e.Name(), content); err != nil {
			return nil, fmt.Errorf("ui.LoadAssets %s: %w", e.Name(), err)
		}
	}
	return a, nil
}

func (a *Assets) add(name string, content []byte) error {
	file := name
	name = strings.TrimSuffix(name, packedExt)
	contentType, ok := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	}[path.Ext(name)]
	if !ok {
		return fmt.Errorf("no content type for %q", name)
	}
	sum := sha256.Sum256(content)
	asset := &Asset{Name: name, Type: contentType, Hash: hex.EncodeToString(sum[:6])}
	if file != name {
		asset.Gzipped = content
	} else if err := asset.pack(content); err != nil {
		return err
	}
	base, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	a.address[name] = base + "." + asset.Hash + ext
	a.byAddress[a.address[name]] = asset
	return nil
}

// pack keeps the content, and packed too where that makes it a tenth smaller.
func (a *Asset) pack(content []byte) error {
	a.Plain = content
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if packed.Len() < len(content)*9/10 {
		a.Gzipped = packed.Bytes()
	}
	return nil
}

// URL returns the address of a file by its plain name. A name that does not
// exist gives an address that is not found; a test asks for every name used.
func (a *Assets) URL(name string) string { return "/assets/" + a.address[name] }

// Find returns the file at the last element of an address made by URL.
func (a *Assets) Find(address string) (*Asset, bool) {
	asset, ok := a.byAddress[address]
	return asset, ok
}
