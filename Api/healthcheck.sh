#!/bin/bash
# Ends with 0 when the API is ready to serve. In bash, since the .NET images hold neither curl nor wget.
port=${HTTP_PORTS:-${ASPNETCORE_HTTP_PORTS:-8080}}
exec 3<>"/dev/tcp/127.0.0.1/${port%%;*}" || exit 1
printf 'GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 4 _ status _ <&3
[ "$status" = 200 ]
