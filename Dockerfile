# Jinghe 景合 as one static program in an otherwise empty image: no shell, no
# package manager, nothing to patch but the program itself.

FROM golang:1.26.8 AS build
WORKDIR /src
# Modules first: they change less often than the code.
COPY go.mod go.sum ./
COPY internal/transfer/deepcopy/go.mod internal/transfer/deepcopy/
RUN go mod download
COPY . .
RUN deploy/build.sh /image/jinghe
# Uploads and workbooks pass through /tmp, which an empty image does not have.
RUN install -d -m 1777 /image/tmp && install -d -m 0700 /data && cp LICENSE NOTICE /image/

FROM scratch
# Certificates for outgoing TLS: a NATS cluster, mail, webhooks, single sign-on.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /image/ /
COPY --from=build --chown=65532:65532 /data /data
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
ENV JINGHE_DATA=/data \
    JINGHE_ADDR=:8080 \
    JINGHE_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
# serve drains within JINGHE_STOP_TIMEOUT (15 s) after this.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["/jinghe", "doctor", "--probe", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["/jinghe"]
CMD ["serve"]
