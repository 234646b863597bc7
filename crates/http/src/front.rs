//! What stands before the application: answers that can be given at once need not go through it.

use std::sync::Arc;
use std::task::{Context, Poll};

use actix_http::{ConnectionType, Request, Response};
use actix_service::{Service, ServiceFactory};
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use futures_util::future::{Either, LocalBoxFuture, Ready, TryFutureExt, ready};

use crate::edge::{AtHand, Edge};

/// An application behind an edge that may answer at once.
#[derive(Debug)]
pub(crate) struct Front<A> {
    edge: Arc<Edge>,
    at_hand: AtHand,
    application: A,
}

impl<A> Front<A> {
    pub(crate) fn new(edge: Arc<Edge>, application: A) -> Self {
        Self {
            edge,
            at_hand: AtHand::default(),
            application,
        }
    }
}

impl<A> ServiceFactory<Request> for Front<A>
where
    A: ServiceFactory<Request, Config = (), Response = ServiceResponse<BoxBody>>,
    A::Future: 'static,
    A::Service: 'static,
    A::InitError: 'static,
{
    type Response = Response<BoxBody>;
    type Error = A::Error;
    type Config = ();
    type Service = Front<A::Service>;
    type InitError = A::InitError;
    type Future = LocalBoxFuture<'static, Result<Self::Service, Self::InitError>>;

    fn new_service(&self, (): ()) -> Self::Future {
        let (edge, application) = (Arc::clone(&self.edge), self.application.new_service(()));
        Box::pin(async move { Ok(Front::new(edge, application.await?)) })
    }
}

type Answer<E> = Result<Response<BoxBody>, E>;

impl<A> Service<Request> for Front<A>
where
    A: Service<Request, Response = ServiceResponse<BoxBody>>,
    A::Future: 'static,
{
    type Response = Response<BoxBody>;
    type Error = A::Error;
    // Boxed, since the edge's future is of several thousand bytes: each connection would have room for it, and each
    // answer, given at once or not, would move as many about.
    type Future = Either<Ready<Answer<A::Error>>, LocalBoxFuture<'static, Answer<A::Error>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), A::Error>> {
        self.application.poll_ready(context)
    }

    fn call(&self, request: Request) -> Self::Future {
        // An upgrade is not taken up, and what follows on such a connection can't be told apart: it ends (RFC 9112, 9.6).
        let ends = request.head().upgrade();
        match self.edge.answer_at_once(&request, &self.at_hand) {
            Some(response) if response.status() == StatusCode::TOO_MANY_REQUESTS => {
                let pause = self.edge.refusal_pause(request.peer_addr());
                Either::Right(Box::pin(async move {
                    tokio::time::sleep(pause).await;
                    Ok(finished(response, ends))
                }))
            }
            Some(response) => Either::Left(ready(Ok(finished(response, ends)))),
            None => {
                let answer = self.application.call(request);
                let answer = answer.map_ok(move |response| finished(response.into(), ends));
                Either::Right(Box::pin(answer))
            }
        }
    }
}

fn finished(mut response: Response<BoxBody>, ends: bool) -> Response<BoxBody> {
    if ends {
        response
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    response
}
