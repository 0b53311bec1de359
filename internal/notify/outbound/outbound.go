// Package outbound posts messages to receivers that people of the installation
// chose, and to nobody inside its own network.
//
// It stands on the third floor. An address is judged when it is dialled, after
// its name was resolved, so that a name cannot lead elsewhere than it did when it
// was looked at; redirections are answers, never followed. What leads inside
// already when it is written down is told then, so that nobody waits for it.
package outbound

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"jinghe/internal/notify"
	"jinghe/internal/scene"
)

const (
	patience   = 10 * time.Second
	lookup     = 3 * time.Second // for the name of an address that is written down
	answerKept = 4 << 10
)

// Client posts messages. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	allowed []netip.Prefix
}

// New returns a Client. allowed are private networks with systems of the house
// that may be sent to all the same.
func New(allowed []netip.Prefix) *Client { return waiting(allowed, patience) }

// waiting is New with another patience.
func waiting(allowed []netip.Prefix, patience time.Duration) *Client {
	dialer := &net.Dialer{Timeout: patience, Control: func(_, address string, _ syscall.RawConn) error { return judge(address, allowed) }}
	return &Client{allowed: allowed, http: &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: patience, ResponseHeaderTimeout: patience,
			MaxIdleConnsPerHost: 1, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		},
	}}
}

// Judge refuses an address that leads inside now, by itself or by what its name
// stands for, with the key of the sentence that says so. A name that nobody knows
// yet passes: what it leads to counts when it is dialled. It takes 3 s at most.
func (c *Client) Judge(ctx context.Context, address string) (key string) {
	u, err := url.Parse(address)
	if err != nil {
		return "webhook.url"
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return inside(c.allowed, ip)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last != "" && last[0] >= '0' && last[0] <= '9' {
		return "webhook.number" // 0x7f000001, 127.1: no name ends so, and each program reads it in its own way
	}
	if last == "localhost" {
		return inside(c.allowed, netip.AddrFrom4([4]byte{127, 0, 0, 1}))
	}
	ctx, cancel := context.WithTimeout(ctx, lookup)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return ""
	}
	return inside(c.allowed, found...)
}

// inside is the key of the refusal if one of the addresses may not be dialled.
func inside(allowed []netip.Prefix, list ...netip.Addr) string {
	for _, ip := range list {
		if refused(ip, allowed) != nil {
			return "webhook.inside"
		}
	}
	return ""
}

// errPrivate is the refusal of an address inside.
var errPrivate = errors.New("the address lies in a private network")

// judge refuses what is not on the public internet, or allowed.
func judge(address string, allowed []netip.Prefix) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	return refused(at.Addr(), allowed)
}

func refused(ip netip.Addr, allowed []netip.Prefix) error {
	ip = ip.Unmap().WithZone("")
	for _, network := range allowed {
		if network.Contains(ip) {
			return nil
		}
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return errPrivate
	}
	for _, network := range special() {
		if network.Contains(ip) {
			return errPrivate
		}
	}
	return nil
}

// special are networks that the checks of netip let through and that lead inside
// (IANA special-purpose registries): shared address space and the metadata
// service of a cloud in it, IETF protocols, benchmarks, documentation, what is
// reserved, and addresses of version 6 that carry one of version 4.
func special() []netip.Prefix {
	var list []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
		"240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10", "::/96",
	} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}

// Post sends one message. A receiver that does not answer, or that may not be
// sent to, is an Unavailable error.
func (c *Client) Post(ctx context.Context, m notify.Message) (notify.Answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return notify.Answer{}, &scene.Error{Code: scene.Invalid, Op: "outbound.Post", Key: "webhook.url"}
	}
	for name, value := range m.Header {
		r.Header.Set(name, value)
	}
	w, err := c.http.Do(r)
	if err != nil {
		key := "webhook.away"
		if errors.Is(err, errPrivate) {
			key = "webhook.private"
		}
		return notify.Answer{}, &scene.Error{Code: scene.Unavailable, Op: "outbound.Post", Key: key} // the address holds a key
	}
	defer w.Body.Close()
	body, err := io.ReadAll(io.LimitReader(w.Body, answerKept))
	if err != nil {
		return notify.Answer{}, &scene.Error{Code: scene.Unavailable, Op: "outbound.Post", Key: "webhook.away", Err: err}
	}
	return notify.Answer{Status: w.StatusCode, Body: body}, nil
}
