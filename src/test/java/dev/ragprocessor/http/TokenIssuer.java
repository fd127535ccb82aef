package dev.ragprocessor.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;

/** Signs tokens as Google does, and publishes its keys on loopback. */
final class TokenIssuer implements AutoCloseable {
  static final String ISSUER = "https://accounts.google.com";
  static final String AUDIENCE = "https://rag.example.com/";
  static final String EMAIL = "trigger@project.iam.gserviceaccount.com";

  /** Made once: an RSA key takes a noticeable time. */
  private static final RSAKey FIRST = generate("first");

  private static final RSAKey SECOND = generate("second");
  private static final RSAKey FORGED = generate("first");

  private final HttpServer server;
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile RSAKey key = FIRST;
  private volatile int status = 200;

  TokenIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
    server.createContext(
        "/certs",
        exchange -> {
          fetches.incrementAndGet();
          byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    server.start();
  }

  URI keys() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/certs");
  }

  int fetches() {
    return fetches.get();
  }

  /** From now on another key signs, under another id. */
  void rotate() {
    key = SECOND;
  }

  /** From now on the keys cannot be had. */
  void fail() {
    status = 500;
  }

  static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject("1234567890")
        .claim("email", EMAIL)
        .claim("email_verified", true)
        .issueTime(Date.from(Instant.now()))
        .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))));
  }

  String sign(JWTClaimsSet.Builder claims) {
    return sign(claims, key);
  }

  /** A token by a key that the issuer does not have, under the id of its first. */
  String forge(JWTClaimsSet.Builder claims) {
    return sign(claims, FORGED);
  }

  /** A token that uses the public key as a shared secret, hoping that nobody minds. */
  String confuse(JWTClaimsSet.Builder claims) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
              claims.build());
      token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
      return token.serialize();
    } catch (JOSEException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static String sign(JWTClaimsSet.Builder claims, RSAKey key) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256)
                  .type(JOSEObjectType.JWT)
                  .keyID(key.getKeyID())
                  .build(),
              claims.build());
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static RSAKey generate(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
